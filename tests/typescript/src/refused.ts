// What the generated types have to refuse: tsc fails on each of these lines that compiles.
import { LeadDocument, LeadUpdateDocument } from "../generated/operations.js";
import type { LeadPatchInput, LeadStatusRefInput, LeadsQuery, UserErrorCode } from "../generated/operations.js";
import { execute } from "./client.js";

declare const leads: LeadsQuery["leads"];

// @ts-expect-error: a status is named by its id or by its label, not by both
export const both: LeadStatusRefInput = { id: "stat_1", label: "Customer" };

// @ts-expect-error: nor by neither
export const neither: LeadStatusRefInput = {};

// @ts-expect-error: a patch has no such field
export const misspelt: LeadPatchInput = { nmae: "Acme" };

// @ts-expect-error: the id is required
export const withoutId = () => execute(LeadDocument, {});

// @ts-expect-error: an id is a string
export const numeric = () => execute(LeadDocument, { id: 1 });

// @ts-expect-error: an update needs a patch
export const withoutPatch = () => execute(LeadUpdateDocument, { input: { id: "lead_1" } });

// @ts-expect-error: the name may be null, the displayName is there for display
export const name: string = leads.nodes[0]!.name;

// @ts-expect-error: an amount is exact, so it is a text and not a number
export const amount: number = leads.nodes[0]!.opportunities.nodes[0]!.value!.amount;

// @ts-expect-error: only what was asked for is there
export const url = leads.nodes[0]!.url;

// @ts-expect-error: no such kind of problem
export const code: UserErrorCode = "OUT_OF_LUCK";
