package io.flowsentinel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {

    @TempDir
    private Path folder;

    @Test
    void aFormerRunIsDeletedAndNothingBesideIt() throws IOException {
        Path finished = write("alerts/alerts-7f3c-0.jsonl");
        Path unfinished = write("late/.late-7f3c-1.jsonl.inprogress.0d2e");
        Path report = write("report.json");
        Path beside = write("notes.txt");

        OutputFolder output = new OutputFolder(folder);
        output.check(true);
        output.prepare();

        assertThat(finished).doesNotExist();
        assertThat(unfinished).doesNotExist();
        assertThat(report).doesNotExist();
        assertThat(beside).exists();
        assertThat(folder.resolve("alerts")).isEmptyDirectory();
    }

    private Path write(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, name);
    }
}
