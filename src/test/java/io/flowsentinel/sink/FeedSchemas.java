package io.flowsentinel.sink;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Holds lines of a feed to the feed's JSON Schema, formats included. */
public final class FeedSchemas {

    private static final String IDS = "https://flowsentinel.io/schema/1/";
    private static final String FILES = "classpath:io/flowsentinel/sink/schema/";

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(
            SpecVersion.VersionFlag.V202012,
            builder -> builder.schemaMappers(mappers -> mappers.mapPrefix(IDS, FILES)));

    private static final SchemaValidatorsConfig CONFIG =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private static final Map<String, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();

    private FeedSchemas() {}

    /** What is wrong with a line of a feed; empty when nothing is. */
    public static List<String> faults(Feed feed, String line) {
        return faults(feed.directory(), line);
    }

    /** As {@link #faults(Feed, String)}, for a schema by the name of its file, such as {@code alerts-ecs}. */
    public static List<String> faults(String schema, String line) {
        return SCHEMAS
                .computeIfAbsent(schema, name -> FACTORY.getSchema(SchemaLocation.of(IDS + name + ".json"), CONFIG))
                .validate(line, InputFormat.JSON)
                .stream()
                .map(ValidationMessage::toString)
                .sorted()
                .toList();
    }
}
