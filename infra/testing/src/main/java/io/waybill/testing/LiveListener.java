package io.waybill.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import org.jspecify.annotations.Nullable;

/** The customer listens to an order's live updates. */
public final class LiveListener implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final InputStream stream;
    private final Scanner lines;
    private final int status;
    private String lastId = "";

    /**
     * @param authorization who listens, as the header of that name says it
     * @param lastEventId the last event that was heard before, if any was
     */
    public LiveListener(URI updates, String authorization, @Nullable String lastEventId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(updates).header("Authorization", authorization);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            HttpResponse<InputStream> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            status = response.statusCode();
            stream = response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        lines = new Scanner(stream, StandardCharsets.UTF_8);
    }

    public int status() {
        return status;
    }

    /** The id of the last event that was heard. */
    public String lastId() {
        return lastId;
    }

    /** The name of the next event, without context and revision; waits for it. Nothing at the end of the stream. */
    public String next() {
        while (lines.hasNextLine()) {
            String line = lines.nextLine();
            if (line.startsWith("id:")) {
                lastId = line.substring(3);
            } else if (line.startsWith("event:")) {
                return line.split("\\.", -1)[2];
            }
        }
        return "";
    }

    /** The next event is such a one; returns its id. */
    public String hears(String type) {
        String heard = next();
        if (!type.split("\\.", -1)[2].equals(heard)) {
            throw new AssertionError("heard " + heard + " instead of " + type);
        }
        return lastId;
    }

    /** The names of so many events. */
    public List<String> next(int count) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add(next());
        }
        return names;
    }

    /** The next line, whatever it is. */
    public String line() {
        return lines.nextLine();
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
