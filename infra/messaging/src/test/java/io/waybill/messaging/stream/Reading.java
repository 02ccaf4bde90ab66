package io.waybill.messaging.stream;

import io.waybill.messaging.stream.EventStream.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.EventMessage;

/** A reader of the stream that goes on from where it stands. */
final class Reading {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final EventStream stream;
    private final int pageSize;
    private final List<StreamPosition> places = new ArrayList<>();
    private StreamPosition place = StreamPosition.START;

    Reading(EventStream stream, int pageSize) {
        this.stream = stream;
        this.pageSize = pageSize;
    }

    /** The next entries; none where none came in time. */
    List<StreamEntry> next(Duration wait) throws InterruptedException {
        Page page = stream.read(place, pageSize, wait);
        place = page.end();
        page.entries().forEach(entry -> places.add(entry.position()));
        return page.entries();
    }

    /** Reads on until there are that many payloads, or patience ends. */
    List<Object> payloads(int count) throws InterruptedException {
        List<Object> payloads = new ArrayList<>();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (payloads.size() < count && System.nanoTime() < end) {
            payloads.addAll(payloadsOf(next(Duration.ofSeconds(1))));
        }
        return payloads;
    }

    static List<Object> payloadsOf(List<StreamEntry> entries) {
        return entries.stream()
                .flatMap(entry -> entry.messages().stream())
                .<Object>map(EventMessage::getPayload)
                .toList();
    }

    /** Where all that was read stands. */
    List<StreamPosition> places() {
        return places;
    }
}
