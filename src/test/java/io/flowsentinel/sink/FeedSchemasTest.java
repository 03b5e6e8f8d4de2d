package io.flowsentinel.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.flowsentinel.model.Connection.Event;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemas themselves: a schema that lets everything pass holds nobody to anything. */
class FeedSchemasTest {

    @ParameterizedTest
    @EnumSource(names = {"CONNECTIONS", "QUARANTINE", "LATE"})
    void everyFieldIsDescribed(Feed feed) {
        assertThat(SchemaField.of(feed.directory())).isNotEmpty().allSatisfy(field -> assertThat(field.description())
                .as(field.path())
                .isNotBlank());
    }

    @ParameterizedTest
    @ValueSource(strings = {"finding", "alerts", "suppressed", "alerts-ecs"})
    void everyFieldOfAnAlertIsDescribed(String schema) {
        assertThat(SchemaField.of(schema)).isNotEmpty().allSatisfy(field -> assertThat(field.description())
                .as(field.path())
                .isNotBlank());
    }

    @Test
    void noObjectOfAConnectionMayHoldMore() {
        assertThat(SchemaField.of(Feed.CONNECTIONS.directory()))
                .filteredOn(SchemaField::isObject)
                .hasSize(9)
                .allMatch(SchemaField::closed);
        assertThat(FeedSchemas.faults(Feed.CONNECTIONS, connection().replaceFirst("\\{", "{\"more\":1,")))
                .isNotEmpty();
    }

    /** Fields that are allowed each by itself, and not together. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"activity_id\":2 | \"activity_id\":3",
                "\"activity_name\":\"Close\" | \"activity_name\":\"Reset\"",
                "\"type_uid\":400102 | \"type_uid\":400103",
                "\"action_id\":1 | \"action_id\":2",
                "\"disposition_id\":1 | \"disposition_id\":2",
                "\"protocol_num\":6 | \"protocol_num\":1",
                "\"protocol_num\":6 | \"protocol_num\":58",
                "\"boundary_id\":0 | \"boundary_id\":99",
                "\"event\":\"close\" | \"event\":\"update\"",
                "\"end_reason\":\"closed\" | \"end_reason\":null",
                "\"end_reason\":\"closed\" | \"end_reason\":\"tcp_reuse\"",
                "\"missed_close\":false | \"missed_close\":true",
            })
    void whatContradictsItselfIsAFault(String said, String saidInstead) {
        String connection = connection();
        assertThat(FeedSchemas.faults(Feed.CONNECTIONS, connection)).isEmpty();
        assertThat(connection).contains(said);

        assertThat(FeedSchemas.faults(Feed.CONNECTIONS, connection.replace(said, saidInstead)))
                .isNotEmpty();
    }

    private static String connection() {
        byte[] line = new OcsfConnection(Samples.TEN)
                .value(Samples.connection().event(Event.CLOSE).build());
        return new String(line, StandardCharsets.UTF_8);
    }
}
