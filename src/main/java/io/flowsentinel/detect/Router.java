package io.flowsentinel.detect;

import io.flowsentinel.model.Connection;
import java.io.Serializable;
import java.util.function.Consumer;

/** Tells what a closed connection means to one group of rules, and under which keys. Runs for every connection. */
interface Router extends Serializable {

    void route(Connection connection, Consumer<Contribution> out);
}
