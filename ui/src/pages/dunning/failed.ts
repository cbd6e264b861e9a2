// A refusal of a small action, told where it happened.
import { ApiError } from "../../lib/api";
import { say } from "../../kit/toast";

export const failed = (cause: unknown) => { say.warning(cause instanceof ApiError ? [cause.reason, cause.advice].filter(Boolean).join("　") : String(cause)); };
