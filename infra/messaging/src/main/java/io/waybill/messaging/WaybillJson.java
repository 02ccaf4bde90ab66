package io.waybill.messaging;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.Module;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import io.waybill.kernel.CustomerId;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.ShipmentId;
import io.waybill.kernel.Sku;
import java.io.IOException;
import java.util.function.Function;

/**
 * The JSON of messages. Ids and skus are strings, quantities numbers, money is {@code {"minorUnits":1250,
 * "currency":"EUR"}}, times are ISO 8601. Readers tolerate fields they do not know, so that writers may add some; no
 * type name inside the JSON is ever looked at.
 */
public final class WaybillJson {

    private static final int DEEPEST_NESTING = 32;

    private WaybillJson() {}

    public static ObjectMapper mapper() {
        return JsonMapper.builder(factory())
                .addModules(new JavaTimeModule(), new Jdk8Module(), new ParameterNamesModule(), kernelModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
                .build();
    }

    /** Reads no JSON that is nested deeper than anything Waybill says; for mappers other than {@link #mapper()} too. */
    public static JsonFactory factory() {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST_NESTING)
                        .build())
                .build();
    }

    /** How the kernel's values look in JSON; for mappers other than {@link #mapper()} too. */
    public static Module kernelModule() {
        SimpleModule module = new SimpleModule("waybill-kernel");
        text(module, OrderId.class, OrderId::of, OrderId::value);
        text(module, PaymentId.class, PaymentId::of, PaymentId::value);
        text(module, ShipmentId.class, ShipmentId::of, ShipmentId::value);
        text(module, CustomerId.class, CustomerId::of, CustomerId::value);
        text(module, Sku.class, Sku::of, Sku::value);
        module.addSerializer(Quantity.class, new JsonSerializer<>() {
            @Override
            public void serialize(Quantity value, JsonGenerator json, SerializerProvider provider) throws IOException {
                json.writeNumber(value.value());
            }
        });
        module.addDeserializer(Quantity.class, new JsonDeserializer<>() {
            @Override
            public Quantity deserialize(JsonParser json, DeserializationContext context) throws IOException {
                if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                    return (Quantity) context.handleUnexpectedToken(Quantity.class, json);
                }
                long value = json.getLongValue();
                return guarded(context, Quantity.class, value, v -> Quantity.of(Math.toIntExact(v)));
            }
        });
        module.setMixInAnnotation(Money.class, MoneyJson.class);
        return module;
    }

    private static <T> void text(
            SimpleModule module, Class<T> type, Function<String, T> read, Function<T, String> write) {
        module.addSerializer(type, new JsonSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator json, SerializerProvider provider) throws IOException {
                json.writeString(write.apply(value));
            }
        });
        module.addDeserializer(type, new JsonDeserializer<>() {
            @Override
            @SuppressWarnings("unchecked")
            public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
                if (json.currentToken() != JsonToken.VALUE_STRING) {
                    return (T) context.handleUnexpectedToken(type, json);
                }
                return guarded(context, type, json.getText(), read);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static <S, T> T guarded(DeserializationContext context, Class<T> type, S raw, Function<S, T> read)
            throws IOException {
        try {
            return read.apply(raw);
        } catch (IllegalArgumentException | ArithmeticException e) {
            return (T) context.handleInstantiationProblem(type, raw, e);
        }
    }

    /** Keeps {@code isPositive()} out of the JSON. */
    @JsonIgnoreProperties("positive")
    private interface MoneyJson {}
}
