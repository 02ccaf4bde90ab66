package io.waybill.messaging.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.waybill.kernel.InvalidValueException;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.processing.Processors;
import io.waybill.messaging.processing.Processors.ParkedEvent;
import io.waybill.messaging.processing.Processors.ProcessorStatus;
import io.waybill.messaging.stream.StoredEvent;
import io.waybill.messaging.stream.StreamBrowser;
import io.waybill.messaging.stream.StreamPosition;
import io.waybill.messaging.transport.ParkedMessages;
import io.waybill.messaging.transport.ParkedMessages.ParkedMessage;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The operators' side of a context: its processors, its stored events, and what is parked. */
@RestController
@RequestMapping("/api/admin")
final class AdminController {

    /**
     * Where a replay begins.
     *
     * @param from {@code start}, a position such as {@code 1234:567}, or an ISO 8601 instant
     */
    record ReplayRequest(String from) {

        ReplayRequest {
            if (from == null) {
                throw new InvalidValueException("from is missing");
            }
        }
    }

    /** A stored event in the JSON format of CloudEvents 1.0. */
    record CloudEventView(
            String specversion,
            String id,
            String source,
            String type,
            String subject,
            Instant time,
            @Nullable String sequence,
            String partitionkey,
            String position,
            JsonNode data) {

        @JsonProperty
        String datacontenttype() {
            return "application/json";
        }
    }

    private static final int MOST_PARKED = 500;

    /** The years that every database and client can tell. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    /** What a cursor of the parked things says: the kind of the last one shown, events before messages, and its id. */
    private static final Pattern PARKED_PLACE = Pattern.compile("(event|message):(\\d{1,18})");

    private final Processors processors;
    private final StreamBrowser browser;
    private final ParkedMessages messages;
    private final EventStorageEngine events;

    AdminController(Processors processors, StreamBrowser browser, ParkedMessages messages, EventStorageEngine events) {
        this.processors = processors;
        this.browser = browser;
        this.messages = messages;
        this.events = events;
    }

    @GetMapping("/processors")
    Page<ProcessorStatus> processors() {
        return new Page<>(processors.statuses(), null);
    }

    @PostMapping("/${waybill.context}/processors/{name}/replay")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Page<ProcessorStatus> replay(@PathVariable String name, @RequestBody ReplayRequest request) {
        Processors.Refusal refusal = request.from().equals("start")
                ? processors.replayFromStart(name)
                : processors.replayFrom(name, place(request.from()));
        if (refusal != null) {
            throw switch (refusal) {
                case UNKNOWN_PROCESSOR ->
                    new Rejection(AdminRejection.PROCESSOR_NOT_FOUND, "This context has no such processor.");
                case NOT_REPLAYABLE ->
                    new Rejection(
                            AdminRejection.PROCESSOR_NOT_REPLAYABLE,
                            "This processor acts on what it hears, so it never hears it twice.");
                case NOT_SAFE_TO_REAPPLY ->
                    new Rejection(
                            AdminRejection.REPLAY_ONLY_FROM_START,
                            "This projection must be cleared first: replay it from start.");
                case NOTHING_TO_REPLAY ->
                    new Rejection(
                            AdminRejection.NOTHING_TO_REPLAY,
                            "This projection has handled nothing beyond that place yet.");
            };
        }
        return new Page<>(
                processors.statuses().stream()
                        .filter(status -> status.name().equals(name))
                        .toList(),
                null);
    }

    private StreamPosition place(String from) {
        if (from.matches("\\d{1,18}:\\d{1,18}")) {
            return StreamPosition.parse(from);
        }
        try {
            Instant instant = Instant.parse(from);
            if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
                throw new InvalidValueException("from is a time between " + EARLIEST + " and " + LATEST);
            }
            return StreamPosition.of(events.createTokenAt(instant));
        } catch (DateTimeParseException e) {
            throw new InvalidValueException(
                    "from is 'start', a position such as 1234:567, or a time such as 2026-01-31T12:00:00Z", e);
        }
    }

    @GetMapping("/${waybill.context}/events")
    Page<CloudEventView> events(
            @RequestParam(required = false) @Nullable String aggregate,
            @RequestParam(required = false) @Nullable String type,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        String from = cursor == null ? after : Page.sortKey(cursor);
        if (from != null && !from.matches("\\d{1,18}:\\d{1,18}")) {
            throw new InvalidValueException("after is a position such as 1234:567");
        }
        StreamPosition place = from == null ? StreamPosition.START : StreamPosition.parse(from);
        int most = Page.limit(limit);
        List<CloudEventView> found = browser
                .find(new StreamBrowser.Filter(text("aggregate", aggregate), text("type", type), place), most + 1)
                .stream()
                .map(AdminController::view)
                .toList();
        return Page.of(found, most, CloudEventView::position);
    }

    /** PostgreSQL's text holds no zero characters, and no id or type holds any that cannot be printed. */
    private static @Nullable String text(String name, @Nullable String value) {
        if (value != null && value.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException(name + " holds no control characters");
        }
        return value;
    }

    private static CloudEventView view(StoredEvent event) {
        return new CloudEventView(
                "1.0",
                event.eventId(),
                event.source(),
                event.type() + ".v" + event.revision(),
                event.subject(),
                event.occurredAt(),
                event.sequenceNumber() == null ? null : Long.toString(event.sequenceNumber()),
                event.partitionKey(),
                event.place().toString(),
                event.payload());
    }

    /**
     * All contexts' lists become one at the gateway, which has no cursor; so this shows many where no limit is named.
     */
    @GetMapping("/parked")
    Page<Object> parkedEverywhere(
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return parkedBehind(cursor, limit == null ? MOST_PARKED : Page.limit(limit));
    }

    @GetMapping("/${waybill.context}/parked")
    Page<Object> parked(
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        return parkedBehind(cursor, Page.limit(limit));
    }

    private Page<Object> parkedBehind(@Nullable String cursor, int limit) {
        String place = Page.sortKey(cursor);
        Matcher last = PARKED_PLACE.matcher(place == null ? "event:0" : place);
        if (!last.matches()) {
            throw new InvalidValueException("cursor is what nextCursor said, unchanged");
        }
        long id = Long.parseLong(last.group(2));
        boolean amongEvents = last.group(1).equals("event");
        List<Object> found = new ArrayList<>();
        if (amongEvents) {
            found.addAll(processors.parked(id, limit + 1));
        }
        if (found.size() <= limit) {
            found.addAll(messages.list(amongEvents ? 0 : id, limit + 1 - found.size()));
        }
        return Page.of(found, limit, AdminController::parkedPlace);
    }

    private static String parkedPlace(Object parked) {
        return switch (parked) {
            case ParkedEvent event -> "event:" + event.id();
            case ParkedMessage message -> "message:" + message.id();
            default -> throw new IllegalArgumentException("Nothing like " + parked.getClass() + " is parked");
        };
    }

    @PostMapping("/${waybill.context}/parked-events/{id}/retry")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void retryEvent(@PathVariable long id) {
        require(processors.retryParked(id));
    }

    @PostMapping("/${waybill.context}/parked-messages/{id}/retry")
    @ResponseStatus(HttpStatus.ACCEPTED)
    void retryMessage(@PathVariable long id) {
        require(messages.retry(id));
    }

    @DeleteMapping("/${waybill.context}/parked-events/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void discardEvent(@PathVariable long id) {
        require(processors.discardParked(id));
    }

    @DeleteMapping("/${waybill.context}/parked-messages/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void discardMessage(@PathVariable long id) {
        require(messages.discard(id));
    }

    private static void require(boolean found) {
        if (!found) {
            throw new Rejection(AdminRejection.PARKED_NOT_FOUND, "Nothing is parked under this id.");
        }
    }
}
