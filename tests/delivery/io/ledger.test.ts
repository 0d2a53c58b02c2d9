import { ledgerContract } from "../ledger-contract.ts";
import { postgresBench, sqliteBench } from "./ledger-bench.ts";

ledgerContract("SQLite", sqliteBench);
ledgerContract("PostgreSQL", postgresBench);
