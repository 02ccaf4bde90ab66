package io.waybill.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What a context has done that others see, and what it means to do. A replay changes none of it.
 *
 * @param books what its partner wrote down
 * @param told the events that others heard
 * @param stream the events it keeps
 * @param tasks the calls that are still to be made
 */
public record Deeds(JsonNode books, List<Heard> told, List<String> stream, List<String> tasks) {

    public Deeds {
        told = List.copyOf(told);
        stream = List.copyOf(stream);
        tasks = List.copyOf(tasks);
    }

    /** The deeds of all instances that run there so far. */
    public static Deeds of(Deployment deployment, JsonNode books, EventLog told) {
        return new Deeds(
                books,
                told.all(),
                deployment.database().rows("SELECT event_id, type, subject FROM event_stream ORDER BY position"),
                deployment.database().rows("SELECT queue, key FROM task ORDER BY queue, key"));
    }
}
