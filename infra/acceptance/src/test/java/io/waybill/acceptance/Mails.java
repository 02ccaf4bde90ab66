package io.waybill.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The mails that a system without a mail server keeps as files. A mail that is sent again replaces its file. */
record Mails(Path folder) {

    /** In the folder that holds the data of all contexts. */
    static Mails below(Path data) {
        return new Mails(data.resolve("order").resolve("mail"));
    }

    /** Whether the customer was told this news of the order. */
    boolean tell(PlacedOrder order, String news) {
        return Files.exists(folder.resolve(order.id() + "-" + news + ".eml"));
    }

    /** All mails, each with the time when it was sent last. */
    Map<String, String> sent() {
        var sent = new TreeMap<String, String>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(found -> found.toString().endsWith(".eml")).toList()) {
                sent.put(
                        file.getFileName().toString(),
                        Files.getLastModifiedTime(file).toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sent;
    }
}
