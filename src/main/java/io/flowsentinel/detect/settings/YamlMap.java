package io.flowsentinel.detect.settings;

import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML mapping that remembers its lines, so that every complaint about it names one. Reading a key twice or not at
 * all is the caller's business; {@link #only} complains about keys nobody knows.
 */
final class YamlMap {

    private static final MappingNode NOTHING = new MappingNode(Tag.MAP, List.of(), FlowStyle.BLOCK);

    private final String fileName;
    private final String path;
    private final Map<String, Node> keys = new LinkedHashMap<>();
    private final Map<String, Node> values = new LinkedHashMap<>();

    private YamlMap(String fileName, String path, MappingNode node) {
        this.fileName = fileName;
        this.path = path;
        for (NodeTuple tuple : node.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw invalid(tuple.getKeyNode(), fileName, path + "a key", text(tuple.getKeyNode()), "a plain text");
            }
            if (values.containsKey(key.getValue())) {
                throw invalid(key, fileName, path + key.getValue(), "a second time", "every key once");
            }
            keys.put(key.getValue(), key);
            values.put(key.getValue(), tuple.getValueNode());
        }
    }

    /** The file's top level; an empty file is an empty mapping. */
    static YamlMap of(String yaml, String fileName) {
        Optional<Node> root;
        try {
            root = new Compose(LoadSettings.builder().setLabel(fileName).build()).composeString(yaml);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
            throw new InvalidRules(fileName + " line " + line + ": no YAML: " + oneLine(e.getProblem()), e);
        } catch (YamlEngineException e) {
            throw new InvalidRules(fileName + " line 1: no YAML: " + oneLine(e.getMessage()), e);
        }
        if (root.isEmpty() || empty(root.get())) {
            return new YamlMap(fileName, "", NOTHING);
        }
        return mapping(fileName, "", "the file", root.get());
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    Iterable<String> keys() {
        return values.keySet();
    }

    /** Complains about the first key that is not among these. */
    void only(List<String> known) {
        for (String key : keys.keySet()) {
            if (!known.contains(key)) {
                throw unknownKey(key, "one of " + String.join(", ", known));
            }
        }
    }

    InvalidRules unknownKey(String key, String allowed) {
        return new InvalidRules(
                fileName + " line " + line(keys.get(key)) + ": " + path + key + " is an unknown key; allowed is "
                        + allowed,
                null);
    }

    /** The mapping below a key; empty where the key is missing or has no value. */
    YamlMap map(String key) {
        Node node = values.get(key);
        if (node == null || empty(node)) {
            return new YamlMap(fileName, path + key + ".", NOTHING);
        }
        return mapping(fileName, path + key + ".", path + key, node);
    }

    /** The mappings listed below a key. */
    List<YamlMap> maps(String key) {
        List<YamlMap> maps = new ArrayList<>();
        for (Node node : list(key, "a list")) {
            maps.add(mapping(fileName, path + key + ".", path + key, node));
        }
        return maps;
    }

    /** The texts listed below a key, each read. */
    <T> List<T> texts(String key, String allowed, Function<String, T> reader) {
        List<T> texts = new ArrayList<>();
        for (Node node : list(key, "a list of " + allowed)) {
            texts.add(read(node, key, allowed, reader));
        }
        return texts;
    }

    /** The value of a key, read; {@code absent} where the key is missing. */
    <T> T value(String key, T absent, String allowed, Function<String, T> reader) {
        Node node = values.get(key);
        return node == null ? absent : read(node, key, allowed, reader);
    }

    /** The value of a key that has to be there. */
    <T> T required(String key, String allowed, Function<String, T> reader) {
        if (!values.containsKey(key)) {
            Node place = keys.values().stream().findFirst().orElse(null);
            throw invalid(place, fileName, path + key, "missing", allowed);
        }
        return value(key, null, allowed, reader);
    }

    private <T> T read(Node node, String key, String allowed, Function<String, T> reader) {
        if (!(node instanceof ScalarNode scalar)) {
            throw invalid(node, fileName, path + key, text(node), allowed);
        }
        try {
            return reader.apply(scalar.getValue());
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new InvalidRules(message(node, fileName, path + key, "'" + scalar.getValue() + "'", allowed), e);
        }
    }

    private List<Node> list(String key, String allowed) {
        Node node = values.get(key);
        if (node == null || empty(node)) {
            return List.of();
        }
        if (!(node instanceof SequenceNode sequence)) {
            throw invalid(node, fileName, path + key, text(node), allowed);
        }
        return sequence.getValue();
    }

    private static YamlMap mapping(String fileName, String path, String what, Node node) {
        if (!(node instanceof MappingNode mapping)) {
            throw invalid(node, fileName, what, text(node), "keys with values");
        }
        return new YamlMap(fileName, path, mapping);
    }

    private static boolean empty(Node node) {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    private static String text(Node node) {
        return node instanceof ScalarNode scalar
                ? "'" + oneLine(scalar.getValue()) + "'"
                : node instanceof SequenceNode ? "a list" : "a mapping";
    }

    private static InvalidRules invalid(Node node, String fileName, String key, String value, String allowed) {
        return new InvalidRules(message(node, fileName, key, value, allowed), null);
    }

    private static String message(Node node, String fileName, String key, String value, String allowed) {
        return fileName + " line " + line(node) + ": " + key + " is " + oneLine(value) + "; allowed is " + allowed;
    }

    private static int line(Node node) {
        return node == null ? 1 : node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
