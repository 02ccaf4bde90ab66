package io.waybill.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a Prometheus would have fetched from a management port at a moment: values by name and labels. */
record Meters(Map<String, Double> values) {

    static Meters at(URI management) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var answer = client.send(
                    HttpRequest.newBuilder(management.resolve("/actuator/prometheus"))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            return read(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static Meters read(String text) {
        var values = new LinkedHashMap<String, Double>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int end = line.lastIndexOf(' ');
            values.put(line.substring(0, end), Double.valueOf(line.substring(end + 1)));
        });
        return new Meters(values);
    }

    Set<String> names() {
        var names = new TreeSet<String>();
        values.keySet().forEach(series -> names.add(series.split("\\{", 2)[0]));
        return names;
    }

    /** The sum of all series of this name that have all these labels, each as {@code name="value"}. */
    double sum(String name, String... labels) {
        return values.entrySet().stream()
                .filter(series -> series.getKey().split("\\{", 2)[0].equals(name))
                .filter(series -> Arrays.stream(labels).allMatch(series.getKey()::contains))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }
}
