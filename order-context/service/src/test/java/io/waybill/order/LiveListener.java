package io.waybill.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;
import org.jspecify.annotations.Nullable;

/** A client of an order's live updates. */
final class LiveListener implements AutoCloseable {

    private final InputStream stream;
    private final Scanner lines;

    LiveListener(URI updates, @Nullable String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(updates);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        stream = HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                .body();
        lines = new Scanner(stream, StandardCharsets.UTF_8);
    }

    /** The next event is such a one; returns its id. */
    String hears(String type) {
        String id = "";
        while (true) {
            String line = lines.nextLine();
            if (line.startsWith("id:")) {
                id = line.substring(3);
            } else if (line.startsWith("event:")) {
                assertThat(line).isEqualTo("event:" + type);
                return id;
            }
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
