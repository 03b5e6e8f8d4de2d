package io.flowsentinel.deployment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One instruction of a Dockerfile.
 *
 * @param stage which {@code FROM} it follows, from 0; -1 before the first
 * @param name such as {@code COPY}
 * @param words what follows it, lines that go on joined
 */
record Instruction(int stage, String name, List<String> words) {

    static List<Instruction> of(Path dockerfile) throws IOException {
        List<Instruction> instructions = new ArrayList<>();
        int stage = -1;
        String text = Files.readString(dockerfile).replaceAll("(?m)^#.*\\R", "").replaceAll("\\\\\\R", " ");
        for (String line : text.lines().filter(one -> !one.isBlank()).toList()) {
            List<String> words = Arrays.asList(line.trim().split("\\s+"));
            String name = words.get(0).toUpperCase(Locale.ROOT);
            stage += name.equals("FROM") ? 1 : 0;
            instructions.add(new Instruction(stage, name, words.subList(1, words.size())));
        }
        return instructions;
    }

    /** The words that are no options. */
    List<String> arguments() {
        return words.stream().filter(word -> !word.startsWith("--")).toList();
    }

    boolean has(String option) {
        return words.stream().anyMatch(word -> word.startsWith(option));
    }
}
