package io.waybill.messaging;

import io.waybill.kernel.Command;
import io.waybill.kernel.Event;
import io.waybill.messaging.MessageType.Kind;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The closed list of message types that a context knows: its own, the foreign events it hears and the foreign commands
 * it sends. It is drawn from sealed families of records, so that a type that is not published cannot be named. A class
 * name from the wire or from the store is never loaded.
 */
public final class MessageCatalogue {

    private final String context;
    private final Map<String, MessageType> byName;
    private final Map<Class<?>, MessageType> byClass;

    private MessageCatalogue(Builder builder) {
        context = builder.context;
        byName = Map.copyOf(builder.byName);
        Map<Class<?>, MessageType> classes = new LinkedHashMap<>();
        byName.values().forEach(type -> classes.put(type.payload(), type));
        byClass = Map.copyOf(classes);
    }

    public static Builder of(String context) {
        return new Builder(context);
    }

    public String context() {
        return context;
    }

    /** The CloudEvents {@code source} of this context. */
    public String source() {
        return source(context);
    }

    public static String source(String context) {
        return "/waybill/" + context;
    }

    /** Looks up a stored type such as {@code waybill.payment.PaymentCompleted}. */
    public Optional<MessageType> named(String qualifiedName) {
        return Optional.ofNullable(byName.get(qualifiedName));
    }

    public Optional<MessageType> ofPayload(Class<?> payload) {
        return Optional.ofNullable(byClass.get(payload));
    }

    public Stream<MessageType> types() {
        return byName.values().stream();
    }

    /** Collects sealed families of records. */
    public static final class Builder {

        private final String context;
        private final Map<String, MessageType> byName = new LinkedHashMap<>();

        private Builder(String context) {
            this.context = context;
        }

        public Builder commands(Class<? extends Command> family) {
            return add(context, Kind.OWN_COMMAND, family);
        }

        public Builder events(Class<? extends Event> family) {
            return add(context, Kind.OWN_EVENT, family);
        }

        /** Events that are stored in the own stream and never published, such as deadlines that went off. */
        public Builder internalEvents(Class<? extends Event> family) {
            return add(context, Kind.INTERNAL_EVENT, family);
        }

        public Builder foreignEvents(String from, Class<? extends Event> family) {
            return add(from, Kind.FOREIGN_EVENT, family);
        }

        public Builder foreignCommands(String to, Class<? extends Command> family) {
            return add(to, Kind.FOREIGN_COMMAND, family);
        }

        private Builder add(String owner, Kind kind, Class<?> family) {
            records(family).forEach(record -> {
                MessageType type = MessageType.of(owner, kind, record);
                if (byName.put(type.qualifiedName(), type) != null) {
                    throw new IllegalArgumentException(type.qualifiedName() + " stands in the catalogue twice");
                }
            });
            return this;
        }

        private static Stream<Class<?>> records(Class<?> type) {
            if (type.isRecord()) {
                return Stream.of(type);
            }
            if (!type.isSealed()) {
                throw new IllegalArgumentException(type.getName() + " is neither a record nor sealed");
            }
            return Arrays.stream(type.getPermittedSubclasses()).flatMap(Builder::records);
        }

        public MessageCatalogue build() {
            return new MessageCatalogue(this);
        }
    }
}
