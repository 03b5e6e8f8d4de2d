package io.flowsentinel.detect;

import java.util.ArrayList;
import java.util.List;

/**
 * Whom a finding is about, across rules: findings that share a tie can mute each other. An external address is the same
 * in every scope.
 */
final class Ties {

    private Ties() {}

    static String originator(Sample sample) {
        String address = sample.originator().address().toString();
        return "originator " + (sample.internal() ? sample.scope() + " " : "") + address;
    }

    static String responder(Sample sample) {
        String address = sample.responder().address().toString();
        return "responder " + (sample.responderInternal() ? sample.scope() + " " : "") + address;
    }

    static List<String> both(Sample sample) {
        List<String> ties = new ArrayList<>();
        ties.add(originator(sample));
        ties.add(responder(sample));
        return ties;
    }
}
