package io.waybill.order.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.waybill.kernel.Event;
import io.waybill.kernel.PersonalData;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which types of events are told to whom an order belongs, and which of their fields are not. */
record PublicContent(Map<String, List<String>> personalFields) {

    PublicContent {
        personalFields = Map.copyOf(personalFields);
    }

    static PublicContent of(List<Class<? extends Event>> families) {
        Map<String, List<String>> fields = new HashMap<>();
        families.stream()
                .flatMap(PublicContent::records)
                .forEach(event -> fields.put(event.getSimpleName(), personalFieldsOf(event)));
        return new PublicContent(fields);
    }

    boolean isTold(String name) {
        return personalFields.containsKey(name);
    }

    /** What cannot be read as an object is left out as a whole. */
    JsonNode withoutPersonalData(String name, JsonNode content) {
        if (content instanceof ObjectNode fields) {
            return fields.deepCopy().remove(personalFields.getOrDefault(name, List.of()));
        }
        return JsonNodeFactory.instance.objectNode();
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isSealed()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(PublicContent::records)
                : Stream.of(type);
    }

    private static List<String> personalFieldsOf(Class<?> event) {
        return Arrays.stream(event.getRecordComponents())
                .filter(component -> PersonalData.class.isAssignableFrom(component.getType()))
                .map(RecordComponent::getName)
                .toList();
    }
}
