package io.flowsentinel.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads a YAML file of {@code job-config}: nested or dotted keys, lists as YAML lists or separated by ';'. */
final class ConfigFile {

    private ConfigFile() {}

    static Configuration load(Path file) {
        LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
        Object document;
        try (InputStream in = Files.newInputStream(file)) {
            document = new Load(settings).loadFromInputStream(in);
        } catch (IOException e) {
            throw new InvalidConfig("config file '" + file + "' cannot be read; expected a readable YAML file", e);
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark()
                    .map(mark -> " line " + (mark.getLine() + 1))
                    .orElse("");
            throw new InvalidConfig(file + line + ": " + e.getProblem() + "; expected YAML", e);
        } catch (YamlEngineException e) {
            throw new InvalidConfig(file + ": " + e.getMessage().replace('\n', ' ') + "; expected YAML", e);
        }
        Configuration configuration = new Configuration();
        if (document == null) {
            return configuration;
        }
        if (!(document instanceof Map<?, ?> map)) {
            throw new InvalidConfig(file + ": the file holds no keys; expected 'key: value' lines");
        }
        flatten("", map, configuration);
        return configuration;
    }

    private static void flatten(String prefix, Map<?, ?> map, Configuration into) {
        map.forEach((key, value) -> {
            String path = prefix + key;
            if (value instanceof Map<?, ?> nested) {
                flatten(path + ".", nested, into);
            } else if (value instanceof List<?> list) {
                into.setString(path, list.stream().map(String::valueOf).collect(Collectors.joining(";")));
            } else if (value != null) {
                into.setString(path, value.toString());
            }
        });
    }
}
