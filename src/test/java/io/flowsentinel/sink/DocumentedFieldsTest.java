package io.flowsentinel.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flowsentinel.model.Connection.Side;
import io.flowsentinel.model.Endpoint;
import io.flowsentinel.model.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of fields in the README are true: they list what the JSON Schemas allow, and say of it what those say. */
class DocumentedFieldsTest {

    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    /** What a row says of each of the fields it names. */
    private record Row(String type, String there, String meaning, String source) {}

    @ParameterizedTest
    @CsvSource({"connections, field", "finding, alert", "late, late", "quarantine, quarantine"})
    void aTableListsTheFieldsOfTheSchemaAndNoOthers(String schema, String table) throws IOException {
        Map<String, Row> rows = rows(table);

        assertThat(rows.keySet()).containsExactlyInAnyOrderElementsOf(SchemaField.leaves(SchemaField.of(schema)));
        assertThat(rows.values()).allSatisfy(row -> assertThat(List.of(row.meaning(), row.source()))
                .noneMatch(String::isBlank));
    }

    @ParameterizedTest
    @CsvSource({"connections, field", "finding, alert", "late, late", "quarantine, quarantine"})
    void aTableSaysOfEachFieldTheTypeAndWhetherItIsAlwaysThere(String schema, String table) throws IOException {
        Map<String, Row> rows = rows(table);

        assertThat(SchemaField.of(schema))
                .filteredOn(field -> !field.isObject())
                .allSatisfy(field -> {
                    Row row = rows.get(field.path());
                    assertThat(row.type()).as(field.path()).isEqualTo(field.type());
                    assertThat(row.there().equals("always")).as(field.path()).isEqualTo(field.always());
                });
    }

    @Test
    void everyFieldOfAConnectionIsWrittenForSomeConnectionAndNoOther() throws IOException {
        Side behindGateway = new Side(
                new Endpoint(Samples.LAPTOP, 1),
                1,
                1,
                2,
                Samples.observer("eni-1"),
                "EC2",
                List.of(IpAddress.ipv4(0x0a280001)));
        Set<String> written = new TreeSet<>();

        collect(
                message(Samples.connection()
                        .originator(behindGateway)
                        .responder(behindGateway)
                        .trafficPath(9)),
                "",
                written);

        assertThat(written).isEqualTo(new TreeSet<>(rows("field").keySet()));
    }

    private static JsonNode message(Samples.ConnectionBuilder connection) throws IOException {
        return new ObjectMapper().readTree(new OcsfConnection(Samples.TEN).value(connection.build()));
    }

    private static void collect(JsonNode node, String path, Set<String> out) {
        if (!node.isObject()) {
            out.add(path);
            return;
        }
        node.properties()
                .forEach(
                        one -> collect(one.getValue(), path.isEmpty() ? one.getKey() : path + "." + one.getKey(), out));
    }

    /** The rows of a table, by the fields they name; the table is known by the header of its first column. */
    private static Map<String, Row> rows(String table) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("README.md")));
        int header = lines.indexOf("| " + table + " | type | there | meaning | from |");
        assertThat(header).as("the table of " + table).isNotNegative();
        Map<String, Row> rows = new LinkedHashMap<>();
        for (String line : lines.subList(header + 2, lines.size())) {
            if (!line.startsWith("|")) {
                break;
            }
            String[] cells = line.split("\\|", -1);
            assertThat(cells).as(line).hasSize(7);
            Row row = new Row(cells[2].strip(), cells[3].strip(), cells[4].strip(), cells[5].strip());
            Matcher names = NAME.matcher(cells[1]);
            while (names.find()) {
                assertThat(rows.put(names.group(1), row)).as(names.group(1)).isNull();
            }
        }
        return rows;
    }
}
