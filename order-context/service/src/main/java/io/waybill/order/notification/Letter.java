package io.waybill.order.notification;

import io.waybill.kernel.OrderId;
import java.time.Instant;

/** A mail to be sent: which news of which order, and which event is the reason for it. */
record Letter(News news, OrderId orderId, Instant at, String eventId) {

    private static final String SEPARATOR = "/";

    /** Reads what {@link #key()} wrote. */
    static Letter ofKey(String key) {
        String[] parts = key.split(SEPARATOR, 4);
        if (parts.length != 4) {
            throw new IllegalArgumentException("a letter's key has four parts");
        }
        return new Letter(News.valueOf(parts[0]), OrderId.of(parts[1]), Instant.parse(parts[2]), parts[3]);
    }

    String key() {
        return String.join(SEPARATOR, news.name(), orderId.value(), at.toString(), eventId);
    }

    String subject() {
        return "Your order " + orderId + " " + news.headline();
    }

    String text() {
        return news.text() + "\n\nOrder " + orderId + "\n";
    }

    /** The same whenever the same letter is sent again, so that mail programs show it once. */
    String messageId() {
        return "<" + eventId + "@waybill>";
    }
}
