package io.flowsentinel.detect;

import io.flowsentinel.model.CoverageRecord;

/** Tells what a line about lost or missing records means to the rules of one family. */
interface CoverageRouter {

    void route(CoverageRecord coverage, Marks marks);
}
