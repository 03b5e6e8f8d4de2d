package io.flowsentinel.source.discovery;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/** Tells whether a root is a file. */
final class SingleFile {

    private SingleFile() {}

    /**
     * The root as a file; empty if it is a folder. S3 answers for a zero-byte object as for a missing folder, and has no
     * answer for a whole bucket, hence the looks at the parent and at the path's depth.
     *
     * @throws FileNotFoundException where it is neither; names it
     */
    static Optional<FileStatus> at(Path root, Folders folders) throws IOException {
        if (Keys.of(root).isEmpty()) {
            return Optional.empty();
        }
        try {
            FileStatus status = root.getFileSystem().getFileStatus(root);
            return status.isDir() ? Optional.empty() : Optional.of(status);
        } catch (FileNotFoundException missing) {
            return Optional.of(sibling(root, folders, missing));
        } catch (IOException | RuntimeException failed) {
            throw new IOException("cannot list " + root + ": " + failed.getMessage(), failed);
        }
    }

    private static FileStatus sibling(Path root, Folders folders, FileNotFoundException missing) throws IOException {
        return folders.list(List.of(root.getParent())).get(0).stream()
                .filter(sibling ->
                        !sibling.isDir() && sibling.getPath().getName().equals(root.getName()))
                .findFirst()
                .orElseThrow(() -> {
                    FileNotFoundException told =
                            new FileNotFoundException("source.uri " + root + ": there is no such file or folder");
                    told.initCause(missing);
                    return told;
                });
    }
}
