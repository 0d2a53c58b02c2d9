import { expect, it } from "vitest";
import { isNameLine, namesInByline } from "../../src/article/byline.ts";

it.each([
  ["By Ida Holm", ["Ida Holm"]],
  ["By Ida Holm and Per Lund", ["Ida Holm", "Per Lund"]],
  ["By Ida Holm, Per Lund & Ana de la Cruz", ["Ida Holm", "Per Lund", "Ana de la Cruz"]],
  ["By Ida Holm, Political Editor", ["Ida Holm"]],
  ["By Ida Holm in Overby", ["Ida Holm"]],
  ["By Ida Holm November 19, 2019, 07:47 PM", ["Ida Holm"]],
  ["-- By Ida Holm Follow @idaholm", ["Ida Holm"]],
  ["Written by Ida Holm | 3 May 2024", ["Ida Holm"]],
  ["BY IDA HOLM", ["IDA HOLM"]],
  ["By Ida Holm, Overby Times", ["Ida Holm"]],
  ["By Ida Holm and Per Lund, Overby Post", ["Ida Holm", "Per Lund"]],
  ["By Ida Holm and Emily Post", ["Ida Holm", "Emily Post"]],
  ["By Ida Holm of The Overby Times", ["Ida Holm"]],
  ["By The Overby Times", []],
  ["Von Eva Roth, Overbyer Zeitung", ["Eva Roth"]],
  ["Por Ana Ruiz, El País", ["Ana Ruiz"]],
  ["By Harbour Gazette", ["Harbour Gazette"]],
  ["Von Eva Roth und Max Stein", ["Eva Roth", "Max Stein"]],
  ["Autor: Ewa Lis", ["Ewa Lis"]],
  ["文＝山田花子", ["山田花子"]],
  ["文・山田花子", ["山田花子"]],
  ["文・写真 山田花子", ["山田花子"]],
  ["撮影・文＝山田花子", ["山田花子"]],
  ["山田はな記者", ["山田はな"]],
  ["记者：林小雨、王晨", ["林小雨", "王晨"]],
  ["한지우 기자 han@news.example", ["한지우"]],
  ["بقلم ليلى حداد", ["ليلى حداد"]],
])("%j names %j", (line, names) => {
  expect(namesInByline(line)).toEqual(names);
});

it.each([
  "By Monday the talks had failed",
  "By order of the council",
  "By John's own account it was late",
  "By the time they came it was over",
  "Von der Leyen in Kyjiw",
  "Di Maio ha detto di no",
  "Por fin llega la lluvia",
  "Bytes are cheap",
  "",
])("no byline: %j", (line) => {
  expect(namesInByline(line)).toEqual([]);
});

it.each(["Ida Holm", "Ana de la Cruz", "Jean-Luc O'Hara", "J. R. Vale", "Åsa Öberg", "— Ida Holm"])(
  "a name line: %j",
  (line) => {
    expect(isNameLine(line)).toBe(true);
  },
);

it.each([
  "The End",
  "Ida",
  "Ida Holm wrote this",
  "Ida Holm.5",
  "More News",
  "Monday Morning",
  "ida holm",
])("no name line: %j", (line) => {
  expect(isNameLine(line)).toBe(false);
});
