/** A revocation list that is not believed. The message goes on behind the list's name: `is a delta list, ...`. */
export class ListRefused extends Error {}
