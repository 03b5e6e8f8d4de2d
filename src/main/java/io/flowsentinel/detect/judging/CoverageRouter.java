package io.flowsentinel.detect.judging;

import io.flowsentinel.model.CoverageRecord;

/** Tells what a line about lost or missing records means to the rules of one family. */
public interface CoverageRouter {

    /** Records of an interface were skipped, or there were none. */
    void route(CoverageRecord coverage, Marks marks);
}
