package io.flowsentinel.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever follows a link of the pages arrives somewhere. */
class ReadmeTest {

    private static final Pattern LINK = Pattern.compile("\\[[^\\]]+]\\(([^)#:]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("#{2,3} (.+)");

    @Test
    void theContentsNameEverySectionInItsOrder() throws IOException {
        Path readme = Path.of("README.md");
        List<String> sections = new ArrayList<>(anchors(readme));
        sections.remove("contents");
        String contents = Files.readString(readme);
        contents = contents.substring(contents.indexOf("## Contents"), contents.indexOf("## Quick start"));

        assertThat(LINK.matcher(contents).results().map(link -> link.group(2))).containsExactlyElementsOf(sections);
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "job-config/RUNBOOK.md"})
    void everyLinkLeadsToAFileAndASection(String page) throws IOException {
        Path from = Path.of(page);
        List<MatchResult> links = LINK.matcher(Files.readString(from)).results().toList();

        assertThat(links).isNotEmpty();
        for (MatchResult link : links) {
            Path file = link.group(1).isEmpty() ? from : from.resolveSibling(link.group(1));
            assertThat(file).as(link.group()).exists();
            if (link.group(2) != null) {
                assertThat(anchors(file)).as(link.group()).contains(link.group(2));
            }
        }
    }

    /** Of the sections, as GitHub makes them. */
    private static List<String> anchors(Path page) throws IOException {
        List<String> anchors = new ArrayList<>();
        boolean code = false;
        for (String line : Files.readAllLines(page)) {
            code ^= line.startsWith("```");
            var heading = HEADING.matcher(line);
            if (!code && heading.matches()) {
                anchors.add(heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'));
            }
        }
        return anchors;
    }
}
