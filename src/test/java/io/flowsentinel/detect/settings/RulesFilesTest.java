package io.flowsentinel.detect.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as Kubernetes shows a ConfigMap: links through a link to a folder, which is turned to another folder. */
class RulesFilesTest {

    private static final Instant WRITTEN = Instant.parse("2026-01-15T09:00:00Z");

    @TempDir
    private Path mounted;

    @Test
    void aConfigMapThatWasRenewedLooksOtherwiseAndIsRead() throws IOException {
        Files.createSymbolicLink(mounted.resolve("..data"), folder("..1", "strobe: {mode: live}", WRITTEN));
        Path rules = Files.createSymbolicLink(mounted.resolve("rules.yaml"), Path.of("..data/rules.yaml"));
        RulesFiles files = new RulesFiles(rules, List.of());
        String before = files.stamp();

        turnTo(folder("..2", "strobe: {mode: off}", WRITTEN.plusSeconds(90)));

        assertThat(files.stamp()).isNotEqualTo(before);
        assertThat(files.readAgain().all().get("strobe").on()).isFalse();
    }

    @Test
    void aConfigMapThatWasNotRenewedLooksAsBefore() throws IOException {
        Files.createSymbolicLink(mounted.resolve("..data"), folder("..1", "strobe: {mode: live}", WRITTEN));
        Path rules = Files.createSymbolicLink(mounted.resolve("rules.yaml"), Path.of("..data/rules.yaml"));
        RulesFiles files = new RulesFiles(rules, List.of());

        assertThat(files.stamp()).isEqualTo(files.stamp());
    }

    private Path folder(String name, String rule, Instant written) throws IOException {
        Path folder = Files.createDirectory(mounted.resolve(name));
        Path file = Files.writeString(folder.resolve("rules.yaml"), "rules:\n  " + rule + "\n");
        Files.setLastModifiedTime(file, FileTime.from(written));
        return folder;
    }

    /** In one step, as Kubernetes does it. */
    private void turnTo(Path folder) throws IOException {
        Path link = Files.createSymbolicLink(mounted.resolve("..data_tmp"), folder);
        Files.move(
                link, mounted.resolve("..data"), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
