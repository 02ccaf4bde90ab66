package io.waybill.messaging.metrics;

import java.util.List;
import java.util.Set;

/** How far the processors have come in this process, which may be farther than what they have stored. */
public interface ProcessorPlaces {

    /** The place in the stream behind which a segment has still to go. */
    record Place(String processor, int segment, long transactionId, long offset) {}

    /** All processors that this release knows, wherever they run. */
    Set<String> names();

    /** The segments that run in this process. */
    List<Place> here();
}
