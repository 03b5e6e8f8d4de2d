package io.flowsentinel.reference;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The state table, {@code conn-state-table.csv}. */
public final class ConnStates {

    private static final Map<String, String> TABLE = read();

    private ConnStates() {}

    /**
     * The state of a TCP connection with ACCEPT records.
     *
     * @param originator masked flags; negative for no record
     * @param responder masked flags; negative for no record
     */
    public static String of(int originator, int responder) {
        int row = originator >= 18 ? originator - Flags.ACK : originator;
        int column =
                responder > 0 && responder < 18 && Flags.has(responder, Flags.SYN) ? responder - Flags.SYN : responder;
        return Objects.requireNonNull(TABLE.get(name(row) + "/" + name(column)), () -> row + "/" + column);
    }

    private static String name(int flags) {
        return flags < 0 ? "-" : Integer.toString(flags);
    }

    private static Map<String, String> read() {
        try (BufferedReader csv = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(
                        ConnStates.class.getResourceAsStream("/io/flowsentinel/lifecycle/conn-state-table.csv")),
                StandardCharsets.UTF_8))) {
            List<String[]> rows = csv.lines().map(line -> line.split(",", -1)).toList();
            String[] columns = rows.get(0);
            Map<String, String> table = new HashMap<>();
            for (String[] row : rows.subList(1, rows.size())) {
                for (int i = 1; i < row.length; i++) {
                    table.put(row[0] + "/" + columns[i], row[i]);
                }
            }
            return table;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
