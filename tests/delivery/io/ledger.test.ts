import { ledgerContract } from "../ledger-contract.ts";
import { sqliteBench } from "./ledger-bench.ts";

ledgerContract("SQLite", sqliteBench);
