import { ENGINES } from "../../stores.ts";
import { bouncesContract } from "../bounces-contract.ts";

for (const engine of ENGINES) bouncesContract(engine);
