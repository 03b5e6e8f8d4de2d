package io.flowsentinel.local;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Under what the findings of a run were found, as far as they say.
 *
 * @param rules versions of the rules; sorted, empty where there is no finding
 * @param lists of addresses, by name and version; sorted, only those that something was found on
 */
record Conditions(Set<String> rules, Set<String> lists) {

    private static final String NONE = "none seen";

    static Conditions of(Collection<Finding> findings) {
        return new Conditions(
                findings.stream().map(Finding::rulesVersion).collect(Collectors.toCollection(TreeSet::new)),
                findings.stream()
                        .map(Finding::lists)
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Lines for people: what was the same, and what was not and may be why findings differ. */
    List<String> against(Conditions others) {
        List<String> lines = new ArrayList<>();
        if (rules.equals(others.rules)) {
            lines.add("Rules    " + text(rules) + ", the same");
        } else {
            lines.add("Rules    " + text(rules) + " -> " + text(others.rules)
                    + ", not the same: findings may differ for that");
        }
        if (!lists.equals(others.lists)) {
            lines.add("Lists    " + text(lists) + " -> " + text(others.lists)
                    + ", not the same: list-match may differ for that (lists.files)");
        }
        return lines;
    }

    private static String text(Set<String> names) {
        return names.isEmpty() ? NONE : String.join(", ", names);
    }
}
