/** Given names common enough to tell a person, in any language; several are words or places too, so one is never enough. */
export const GIVEN_NAMES: ReadonlySet<string> = new Set(
  `Aaron Abdul Abdullah Abigail Abraham Adam Adrian Agnes Ahmad Ahmed Aidan Alan Albert Alejandro Alessandro Alex
  Alexander Alexandra Alexei Alfred Ali Alice Alicia Alison Allan Allen Allison Alyssa Amanda Amber Amelia Amina Amir
  Amy Ana Anastasia Andre Andrea Andreas Andrei Andrew Andy Angela Anita Ann Anna Anne Annie Anthony Antoine Antonio
  Arnold Arthur Ashley Audrey Barbara Barry Beatrice Ben Benjamin Bernard Bernie Beth Betty Beverly Bill Billy Blake
  Bob Bobby Bonnie Brad Bradley Brandon Brenda Brent Brett Brian Bridget Brittany Bruce Bruno Bryan Caitlin Cameron
  Carl Carla Carlos Carmen Carol Carole Caroline Carolyn Catherine Cathy Cecilia Charlene Charles Charlie Chelsea
  Cheryl Chloe Chris Christian Christina Christine Christopher Christoph Claire Clara Claude Claudia Clive Colin
  Connie Connor Craig Cynthia Daisy Dan Daniel Daniela Daniele Danielle Danny Dave David Dawn Dean Deborah Debbie
  Denis Denise Dennis Derek Diana Diane Diego Dmitri Dominic Don Donald Donna Doris Dorothy Doug Douglas Duncan Dylan
  Ed Eddie Edith Edgar Eduardo Edward Edwin Eileen Elaine Eleanor Elena Eli Elizabeth Ella Ellen Emily Emma Emmanuel
  Enrique Eric Erica Erik Erin Ernest Esther Ethan Eugene Eva Evan Eve Evelyn Fatima Felix Fernando Fiona Florence
  Frances Francesca Francesco Francisco Francois François Frank Frankie Franz Fred Frederick Friedrich Gabriel Gareth
  Gary Gavin Geoff Geoffrey George Gerald Gerard Gina Giorgio Giovanni Giuseppe Gloria Gordon Graham Greg Gregory
  Guillaume Guillermo Gustavo Guy Hamid Hannah Hans Harold Harriet Harry Hassan Hans Heather Heidi Heinrich Helen
  Helena Helmut Henri Henry Herbert Hillary Holly Howard Hugh Hugo Hussein Ian Ibrahim Igor Ingrid Irene Iris Isaac
  Isabel Isabella Ivan Jack Jackie Jacob Jacqueline Jacques Jake James Jamie Jan Jane Janet Janice Jared Jason Javier
  Jay Jean Jeanne Jeff Jeffrey Jennifer Jenny Jeremy Jerome Jerry Jesse Jessica Jill Jim Jimmy Joan Joanna Joanne Joe
  Joel Johan Johann Johannes John Johnny Jon Jonathan Jorge Jose José Joseph Josh Joshua Joy Joyce Juan Judith Judy
  Julia Julian Julie Julien Jürgen Justin Karen Karim Karl Kate Katharina Katherine Kathleen Kathryn Kathy Katie Katrina
  Keith Kelly Ken Kendall Kenneth Kerry Kevin Khaled Khalid Kim Kimberly Kirsten Klaus Konrad Kristen Kristin Kurt Kyle
  Larry Laura Laurent Lauren Laurence Lawrence Leah Lee Leo Leon Leonard Leonardo Leslie Lewis Liam Lillian Linda Lisa
  Liz Lloyd Lois Lori Louis Louise Luca Lucas Lucia Lucy Luigi Luis Luke Lynn Manuel Marc Marcel Marcia Marco Marcus
  Margaret Maria María Marian Marianne Marie Marilyn Mario Marion Marjorie Mark Markus Martha Martin Martina Marvin
  Mary Mathieu Matt Matteo Matthew Matthias Maureen Maurice Max Megan Melanie Melinda Melissa Michael Michel Michele
  Michelle Miguel Mike Mikhail Mildred Mitch Mohamed Mohammad Mohammed Molly Monica Monique Muhammad Mustafa Nadia
  Nancy Natalie Natasha Nathan Neil Nicholas Nick Nicola Nicolas Nicole Nigel Nikolai Nina Noah Nora Norma Norman Olga
  Oliver Olivia Omar Oscar Pablo Pamela Paolo Patricia Patrick Patty Paul Paula Pauline Pedro Peggy Penny Peter Petra
  Phil Philip Philippe Phillip Phyllis Pierre Rachel Rafael Ralph Ramon Randy Raphael Ray Raymond Rebecca Reuben Ricardo
  Richard Rick Ricky Rita Rob Robert Roberta Roberto Robin Rod Rodney Roger Roland Ron Ronald Rosa Rose Rosemary Ross
  Roy Russell Ruth Ryan Sabrina Sally Sam Samantha Samuel Sandra Sandy Sara Sarah Scott Sean Sebastian Sergei Sergio
  Shane Shannon Sharon Shaun Shawn Sheila Sherry Shirley Simon Simone Sonia Sophia Sophie Stacy Stanley Stefan Stella
  Stephanie Stephen Steve Steven Stewart Stuart Sue Susan Suzanne Sven Sylvia Tamara Tanya Tara Ted Teresa Terrence
  Terry Thelma Theodore Theresa Thierry Thomas Tiffany Tim Timothy Tina Todd Tom Tomas Tommy Toni Tony Tracy Travis
  Trevor Tyler Ursula Valerie Valérie Vanessa Vera Veronica Vicki Victor Victoria Vincent Viola Virginia Vivian Vladimir
  Walter Wanda Warren Wayne Wendy Wilhelm William Willie Wolfgang Xavier Yasmin Yusuf Yves Yvonne Zachary Zoe`.split(
    /\s+/,
  ),
);
