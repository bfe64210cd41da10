// What a file is that somebody brings, told by how it begins and what it holds: the window and the terminal hand it to the same operations.

/** So much of a file is its head. */
export const headLength = 4096

/**
 * `captured`: posts (a line each, or as other tools keep them), a run as one file, MISP's execution log or its log export. The host finds
 * out which of them. Null: its whole text has to be looked at.
 */
export function kindOfHead(head: string): 'case' | 'captured' | null {
  if (/^\s*\{[^]*"format"\s*:\s*"retrace\.case"/.test(head)) return 'case'
  const isCaptured =
    /^.{0,300}\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] Workflow\(/m.test(head) ||
    (/^\s*\{/.test(head) && /"target"\s*:/.test(head) && /"(body|bodyBase64|posts)"\s*:/.test(head)) ||
    // A debug post's body, also as text in another text; its path; a list of requests; what MISP's listener prints.
    /\\?"source\\?"\s*:\s*\{\s*\\?"node_id/.test(head) ||
    /\/init\?type=|\/exec\/[\w-]+\?result=|\/end\?outcome=/.test(head) ||
    /"log"\s*:\s*\{[^]*"entries"\s*:/.test(head) ||
    /^\{'[\w-]+': '/m.test(head) ||
    (/"Log"\s*:\s*\{/.test(head) && /execute_workflow/.test(head)) ||
    /"format"\s*:\s*"retrace-captured-run"/.test(head)
  return isCaptured ? 'captured' : null
}

/** Of what its head does not tell. Null: it is neither. */
export function kindOfText(text: string): 'workflow' | 'blueprint' | null {
  if (!/"module_type"\s*:/.test(text) || /"source"\s*:\s*\{\s*"node_id"/.test(text)) return null
  // A run of Retrace has its workflow in it.
  if (/"format"\s*:\s*"retrace\.run"/.test(text.slice(0, headLength))) return null
  return /"WorkflowBlueprint"\s*:/.test(text) ? 'blueprint' : 'workflow'
}
