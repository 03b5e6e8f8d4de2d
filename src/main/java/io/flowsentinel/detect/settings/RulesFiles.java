package io.flowsentinel.detect.settings;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where the rules are written: a rules file and lists of addresses. */
public final class RulesFiles implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final String EMPTY = " 0";

    private final String rules;
    private final ArrayList<String> lists = new ArrayList<>();

    /** @param rules null for the shipped rules alone */
    public RulesFiles(Path rules, List<Path> lists) {
        // Paths are no values that can be sent.
        this.rules = rules == null ? null : rules.toString();
        lists.forEach(list -> this.lists.add(list.toString()));
    }

    /**
     * Reads all of them.
     *
     * @throws InvalidRules naming the first file that cannot be read, or the first line that cannot be
     */
    public Rules read() {
        Rules read = rules == null ? Rules.defaults() : Rules.load(text(), rules);
        List<AddressList> all = new ArrayList<>();
        for (String list : lists) {
            try {
                all.add(AddressList.read(Path.of(list)));
            } catch (IOException e) {
                throw new InvalidRules(
                        "lists.files: '" + list
                                + "' cannot be read; expected a text file of one address or CIDR a line",
                        e);
            }
        }
        return read.withLists(new AddressLists(all));
    }

    /**
     * Reads all of them while the job runs. An empty file is more likely the rest of a failure than meant.
     *
     * @throws InvalidRules as {@link #read}, and naming the first file that is empty
     */
    public Rules readAgain() {
        List<String> all = new ArrayList<>(lists);
        if (rules != null) {
            all.add(0, rules);
        }
        for (String file : all) {
            if (stamp(file).endsWith(EMPTY)) {
                throw new InvalidRules(
                        "'" + file + "' is empty; to take everything out of it leave a comment in it", null);
            }
        }
        return read();
    }

    private String text() {
        try {
            return Files.readString(Path.of(rules));
        } catch (IOException e) {
            throw new InvalidRules("rules.file: '" + rules + "' cannot be read; expected a YAML file", e);
        }
    }

    /** Whether there is no file at all. */
    public boolean isEmpty() {
        return rules == null && lists.isEmpty();
    }

    /** Differs when a file was written, or is there no more; cheap to ask for. */
    public String stamp() {
        StringBuilder stamp = new StringBuilder();
        if (rules != null) {
            stamp.append(stamp(rules));
        }
        lists.forEach(list -> stamp.append(' ').append(stamp(list)));
        return stamp.toString();
    }

    private static String stamp(String file) {
        try {
            Path path = Path.of(file);
            return Files.getLastModifiedTime(path) + " " + Files.size(path);
        } catch (IOException e) {
            return "unreadable";
        }
    }
}
