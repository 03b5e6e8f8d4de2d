package io.flowsentinel.bench;

import io.flowsentinel.bench.Measured.Counts;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The reference: the same objects, the same pairing, as a batch query. Both directions of a tuple are one connection, the
 * flags of each direction are put together, packets and bytes added up, and first and last time found. All of it is asked
 * for: the planner leaves out what nobody reads.
 */
final class DuckDbPairing {

    private static final String QUERY =
            """
            SELECT count(*), sum(bytes), sum(records), sum(packets), min(first), max(last),
                   bit_or(flags_lower), bit_or(flags_higher), count(DISTINCT protocol) FROM (
                SELECT protocol, count(*) AS records, sum(bytes) AS bytes, sum(packets) AS packets,
                       min(start) AS first, max("end") AS last,
                       bit_or(CASE WHEN lower_first THEN flags ELSE 0 END) AS flags_lower,
                       bit_or(CASE WHEN lower_first THEN 0 ELSE flags END) AS flags_higher
                FROM (
                    SELECT (srcaddr < dstaddr OR (srcaddr = dstaddr AND srcport <= dstport)) AS lower_first,
                           CASE WHEN lower_first THEN srcaddr ELSE dstaddr END AS lower_address,
                           CASE WHEN lower_first THEN dstaddr ELSE srcaddr END AS higher_address,
                           CASE WHEN lower_first THEN srcport ELSE dstport END AS lower_port,
                           CASE WHEN lower_first THEN dstport ELSE srcport END AS higher_port,
                           protocol, packets, bytes, start, "end", "tcp-flags" AS flags
                    FROM read_csv('%s', delim = ' ', header = true, nullstr = '-'%s)
                    WHERE "log-status" = 'OK')
                GROUP BY lower_address, higher_address, lower_port, higher_port, protocol)
            """;

    /** What DuckDB otherwise finds out from the objects, with more columns turned into numbers than are asked for. */
    private static final String TYPES =
            """
            , columns = {
                'version': 'UTINYINT', 'account-id': 'VARCHAR', 'interface-id': 'VARCHAR',
                'srcaddr': 'VARCHAR', 'dstaddr': 'VARCHAR', 'srcport': 'USMALLINT', 'dstport': 'USMALLINT',
                'protocol': 'UTINYINT', 'packets': 'BIGINT', 'bytes': 'BIGINT', 'start': 'BIGINT',
                'end': 'BIGINT', 'action': 'VARCHAR', 'log-status': 'VARCHAR', 'vpc-id': 'VARCHAR',
                'subnet-id': 'VARCHAR', 'instance-id': 'VARCHAR', 'tcp-flags': 'INTEGER', 'type': 'VARCHAR',
                'pkt-srcaddr': 'VARCHAR', 'pkt-dstaddr': 'VARCHAR'}""";

    private DuckDbPairing() {}

    /**
     * Pairs all objects.
     *
     * @param threads how many cores it may use
     * @param tuned whether it is told all types, and that order does not matter
     */
    static Counts run(Path logs, int threads, boolean tuned) throws SQLException {
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            statement.execute("SET threads = " + threads);
            statement.execute("SET preserve_insertion_order = " + !tuned);
            String objects = logs.resolve("AWSLogs").toAbsolutePath() + "/**/*.log.gz";
            try (ResultSet result =
                    statement.executeQuery(QUERY.formatted(objects.replace("'", "''"), tuned ? TYPES : ""))) {
                result.next();
                return new Counts(result.getLong(3), result.getLong(1), result.getLong(2));
            }
        }
    }
}
