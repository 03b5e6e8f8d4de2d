package io.flowsentinel.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** A disk that can be filled: a file system in memory, mounted at a folder. Takes root on Linux; tests without are skipped. */
public final class SmallDisk implements AutoCloseable {

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** Mounts it at a folder, which is made where there is none. */
    public static SmallDisk mount(Path folder, int megabytes) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        CommandRun mount = CommandRun.of(
                List.of("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString()), Map.of());
        Assumptions.assumeTrue(mount.exitCode() == 0, "no disk can be mounted here: " + mount.text());
        return new SmallDisk(folder);
    }

    public Path folder() {
        return folder;
    }

    /** From now on there is no space left. What is written at the same time may get the last of it. */
    public void fill() throws IOException {
        FileStore store = Files.getFileStore(folder);
        try (OutputStream filler = Files.newOutputStream(filler())) {
            byte[] block = new byte[4096];
            while (store.getUsableSpace() > 0) {
                filler.write(block);
            }
        } catch (IOException full) {
            if (store.getUsableSpace() > 0) {
                throw full;
            }
        }
    }

    /** Gives back all that {@link #fill} took. */
    public void free() throws IOException {
        Files.deleteIfExists(filler());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        CommandRun unmount = CommandRun.of(List.of("umount", "--lazy", folder.toString()), Map.of());
        if (unmount.exitCode() != 0) {
            throw new IOException(unmount.text());
        }
    }

    private Path filler() {
        return folder.resolve("filler");
    }
}
