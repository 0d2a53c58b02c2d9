import { describe, expect, test } from "vitest";
import { otherEvent } from "../../../src/digest/stories/other-event.ts";
import { clustersOf } from "../../../src/digest/stories/gather-stories.ts";
import { traitsOf } from "../../../src/digest/stories/traits.ts";
import { story } from "./wire.ts";

const lamp = (title: string, text: string, paper = "The One") => story(paper, [title, text]);

const TIDE = lamp(
  "Council approves tide mill at Skerry",
  "The council of Skerry has approved a tide mill by 12 votes to 9. It is to feed 800 homes from 2028, said the mayor, Oona Teal.",
);

describe("two articles that have much in common tell of different events", () => {
  test.each([
    [
      "outcome",
      TIDE,
      lamp(
        "Council throws out tide mill at Skerry",
        "The council of Skerry has thrown out plans for a tide mill. It would have fed 800 homes, said the mayor, Oona Teal.",
        "The Other",
      ),
    ],
    [
      "outcome",
      lamp(
        "Teal resigns as mayor of Skerry",
        "Oona Teal has resigned as mayor of Skerry over a tide mill.",
      ),
      lamp(
        "Teal refuses to resign as mayor of Skerry",
        "Oona Teal has refused to resign as mayor of Skerry.",
      ),
    ],
    [
      "score",
      lamp("Skerry 2-1 Orrell", "Skerry beat Orrell 2-1 at the Lamp Ground on Saturday."),
      lamp(
        "Skerry 0-3 Orrell",
        "Orrell won 3-0 at the Lamp Ground when they met Skerry again on Sunday.",
      ),
    ],
    [
      "winner",
      lamp(
        "The prize goes to Skerry",
        "On Tuesday night Oona Teal won the Lamp Prize for a book about Skerry.",
      ),
      lamp(
        "The prize goes to Orrell",
        "On Tuesday night Silas Quint won the Lamp Prize for a book about Skerry, before Teal.",
      ),
    ],
    [
      "names",
      lamp(
        "Barn burns down",
        "A fire has destroyed a barn on a farm near Orrell. Nobody was hurt, said Silas Quint.",
      ),
      lamp(
        "Barn burns down",
        "A fire has destroyed a barn on a farm near Skerry. Nobody was hurt, said Bram Oakes.",
        "The Other",
      ),
    ],
  ])("by another %s", (what, a, b) => {
    expect([otherEvent(traitsOf(a), traitsOf(b)), otherEvent(traitsOf(b), traitsOf(a))]).toEqual([
      what,
      what,
    ]);
    expect(clustersOf([a, b])).toHaveLength(2);
  });

  test.each([
    [
      "a toll that grows",
      lamp(
        "Six dead in landslide at Orrell",
        "A landslide at Orrell has killed six people, police said.",
      ),
      lamp(
        "Landslide at Orrell: nine dead",
        "The number of the dead at Orrell has risen to nine, police said.",
      ),
    ],
    [
      "what one of them tells as background",
      TIDE,
      lamp(
        "Skerry gets its tide mill",
        "Eight hundred homes in Skerry will run on the tide. The council voted for the mill, which it had twice rejected.",
      ),
    ],
    [
      "names that one of them leaves out",
      lamp(
        "Barn burns down",
        "A fire has destroyed a barn on a farm near Orrell, said Silas Quint.",
      ),
      lamp("Farm loses its barn", "Firefighters could not save a barn near Orrell on Monday."),
    ],
    [
      "an outcome that is denied in other words",
      lamp("Teal stays mayor of Skerry", "Oona Teal will stay as mayor of Skerry, her party said."),
      lamp("Teal will not resign", "Oona Teal will not resign as mayor of Skerry, her party said."),
    ],
  ])("but not by %s", (_, a, b) => {
    expect(otherEvent(traitsOf(a), traitsOf(b))).toBeUndefined();
  });
});
