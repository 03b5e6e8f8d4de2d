package io.flowsentinel.detect;

/**
 * Where a contribution is kept: one entry of a key's state, so that an element reads and writes this one alone.
 *
 * @param pane start of the pane
 * @param fact whether this is what else is known of the cell, not what counts
 * @param cell what is counted once
 */
record Place(long pane, boolean fact, Cell cell) {}
