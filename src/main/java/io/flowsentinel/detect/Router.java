package io.flowsentinel.detect;

import io.flowsentinel.model.Connection;
import java.io.Serializable;
import java.util.function.Consumer;

/** Tells what a closed connection means to one group of rules, and under which keys. Runs for every connection. */
interface Router extends Serializable {

    /** For a group without rules. */
    Router NOWHERE = (connection, out) -> {};

    void route(Connection connection, Consumer<Contribution> out);
}
