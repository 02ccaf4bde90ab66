package io.waybill.standalone;

import io.waybill.embedded.DataFolder;
import io.waybill.embedded.FreePorts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Looks for what would make a start fail half-way, while the message can still be clear. */
final class Preflight {

    private static final long MEGABYTE = 1024L * 1024;
    private static final long NEEDED_MEGABYTES = 256;

    private Preflight() {}

    static void requireRoom(DataFolder folder) {
        requireRoom(folder, NEEDED_MEGABYTES);
    }

    /** Writes a probe to the disk, because a full or read-only disk shows itself only then. */
    static void requireRoom(DataFolder folder, long neededMegabytes) {
        Path probe = folder.resolve("probe");
        try {
            long free = Files.getFileStore(folder.path()).getUsableSpace() / MEGABYTE;
            if (free < neededMegabytes) {
                throw new StartException("The disk of %s is full: %d MB are free, %d MB are needed."
                        .formatted(folder.path(), free, neededMegabytes));
            }
            write(probe);
            Files.delete(probe);
        } catch (IOException e) {
            throw new StartException(
                    "The data folder %s cannot be written: %s.".formatted(folder.path(), e.getMessage()), e);
        }
    }

    static void requireFree(int port) {
        if (!FreePorts.isFree(port)) {
            throw new StartException(
                    "Port %d is taken by another program; choose another one with --port.".formatted(port));
        }
    }

    private static void write(Path probe) throws IOException {
        try (var channel = FileChannel.open(
                probe, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate((int) MEGABYTE));
            channel.force(true);
        }
    }
}
