package io.waybill.messaging;

import io.waybill.kernel.Revision;
import java.util.Locale;

/**
 * One type of message of the closed list.
 *
 * @param context the context it belongs to
 * @param name the record's simple name
 * @param revision the revision of its JSON shape that this process writes
 * @param kind what it is
 * @param payload the record
 */
public record MessageType(String context, String name, int revision, Kind kind, Class<?> payload) {

    /** What a type is, seen from the context whose catalogue it stands in. */
    public enum Kind {
        OWN_COMMAND,
        OWN_EVENT,
        INTERNAL_EVENT,
        FOREIGN_COMMAND,
        FOREIGN_EVENT;

        boolean isEvent() {
            return this == OWN_EVENT || this == INTERNAL_EVENT || this == FOREIGN_EVENT;
        }
    }

    static MessageType of(String context, Kind kind, Class<?> payload) {
        Revision revision = payload.getAnnotation(Revision.class);
        if (kind.isEvent() && revision == null) {
            throw new IllegalArgumentException(payload.getName() + " is an event and needs a @Revision");
        }
        return new MessageType(
                context, payload.getSimpleName(), revision == null ? 1 : revision.value(), kind, payload);
    }

    /** For example {@code waybill.payment.PaymentCompleted}: how it is stored, beside its revision. */
    public String qualifiedName() {
        return "waybill." + context + "." + name;
    }

    /** For example {@code waybill.payment.PaymentCompleted.v1}: the CloudEvents {@code type}. */
    public String wireType() {
        return qualifiedName() + ".v" + revision;
    }

    /** For example {@code payment.payment-completed}. */
    public String routingKey() {
        return context + "." + name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
