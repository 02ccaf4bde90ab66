package io.waybill.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.kernel.Revision;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The names and types of a message's fields, which one example alone does not show: optional fields, an enum's values.
 */
final class MessageShape {

    private static final String KERNEL = Revision.class.getPackageName();

    private MessageShape() {}

    /** {@code waybill.<context>.<Name>.v<revision>}; a type without a revision is the first. */
    static String typeName(Class<?> type) {
        String[] packages = type.getPackageName().split("\\.", -1);
        String context = packages[packages.length - 2];
        Revision revision = type.getAnnotation(Revision.class);
        return "waybill." + context + "." + type.getSimpleName() + ".v" + (revision == null ? 1 : revision.value());
    }

    static ObjectNode of(Class<?> type) {
        ObjectNode shape = JsonNodeFactory.instance.objectNode();
        for (RecordComponent component : type.getRecordComponents()) {
            boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            shape.set(component.getName() + (optional ? "?" : ""), of(component.getGenericType()));
        }
        return shape;
    }

    private static JsonNode of(Type type) {
        return switch (type) {
            case ParameterizedType generic
            when generic.getRawType() instanceof Class<?> raw && Collection.class.isAssignableFrom(raw) ->
                JsonNodeFactory.instance.arrayNode().add(of(generic.getActualTypeArguments()[0]));
            case Class<?> named when named.isEnum() -> text(constants(named));
            case Class<?> named when named.isRecord() && !named.getPackageName().equals(KERNEL) -> of(named);
            case Class<?> named -> text(named.getSimpleName());
            default -> text(type.getTypeName());
        };
    }

    private static String constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(Object::toString).collect(Collectors.joining(" | "));
    }

    private static JsonNode text(String value) {
        return JsonNodeFactory.instance.textNode(value);
    }
}
