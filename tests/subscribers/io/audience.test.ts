import { ENGINES } from "../../stores.ts";
import { listContract } from "../list-contract.ts";

for (const engine of ENGINES) listContract(engine);
