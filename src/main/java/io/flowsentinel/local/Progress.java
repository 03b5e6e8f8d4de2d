package io.flowsentinel.local;

/**
 * How far a job has come.
 *
 * @param objectsFinished read to the end
 * @param objectsFound so far
 * @param allFound whether that is all there is, or more is still looked for
 * @param lines read so far
 * @param eventTimeSeconds how far event time has come; 0 while nothing is known
 */
record Progress(long objectsFinished, long objectsFound, boolean allFound, long lines, long eventTimeSeconds) {}
