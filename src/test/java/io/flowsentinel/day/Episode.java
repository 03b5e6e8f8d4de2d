package io.flowsentinel.day;

import io.flowsentinel.sample.Script;
import java.util.List;

/** Traffic that rules have something to say about: an incident, or what looks like one and is held back. */
interface Episode extends Script {

    /** What the rules must find, one entry a Create. */
    List<Expected> expected();
}
