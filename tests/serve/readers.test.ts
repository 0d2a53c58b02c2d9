import { readersContract } from "./readers-contract.ts";
import { sqliteBench } from "./sqlite-bench.ts";

readersContract("SQLite", sqliteBench);
