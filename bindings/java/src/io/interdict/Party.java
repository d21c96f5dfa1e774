package io.interdict;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The party that is looked for: its names, and what else is known of it. Only names and identifiers make hits; the other
 * fields raise or lower the score of a name.
 *
 * <p>Values are read as the cells of a table are: dates in most notations, countries as codes, names or nationalities. A value
 * that is not understood has no effect; {@link Outcome#notCompared()} counts them.
 *
 * <p>Parties are immutable and may be used by many threads.
 */
public final class Party {
    /** A field with its number and key in the C interface. */
    record Field(int number, String key, String text) {}

    private final List<Field> fields;
    private final byte[] request;

    private Party(List<Field> fields) {
        this.fields = List.copyOf(fields);
        Request packed = new Request();
        for (Field field : this.fields) {
            packed.add(field.number(), field.text());
        }
        this.request = packed.bytes();
    }

    /**
     * A party by its name alone.
     *
     * @param name the name as written, in any script and word order
     * @return the party
     */
    public static Party of(String name) {
        return named(name).build();
    }

    /**
     * Begins a party with its name.
     *
     * @param name the name as written, in any script and word order; it may be empty if there is an identifier
     * @return a builder
     */
    public static Builder named(String name) {
        return new Builder().name(name);
    }

    /** The fields for the native side; not to be changed. */
    byte[] request() {
        return request;
    }

    List<Field> fields() {
        return fields;
    }

    /**
     * The party in JSON, as {@link Screener#screenJson} takes it.
     *
     * @return an object with an array of texts for each field
     */
    public String toJson() {
        StringBuilder json = new StringBuilder("{");
        List<String> keys = fields.stream().map(Field::key).distinct().toList();
        for (String key : keys) {
            json.append(json.length() > 1 ? ",\"" : "\"").append(key).append("\":[");
            boolean isFirst = true;
            for (Field field : fields) {
                if (field.key().equals(key)) {
                    json.append(isFirst ? "" : ",").append(Json.quoted(field.text()));
                    isFirst = false;
                }
            }
            json.append(']');
        }
        return json.append('}').toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Party party && fields.equals(party.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    /** The party in JSON. */
    @Override
    public String toString() {
        return toJson();
    }

    /** Collects the fields of a party. Every method but {@link #build} adds a value to those that are there. */
    public static final class Builder {
        private final List<Field> fields = new ArrayList<>();

        private Builder() {}

        private Builder add(int number, String key, String text) {
            fields.add(new Field(number, key, Objects.requireNonNull(text, key)));
            return this;
        }

        /**
         * Adds a name. Every name is screened, unless it has the words of an earlier one.
         *
         * @param name the name as written
         * @return this builder
         */
        public Builder name(String name) {
            return add(0, "name", name);
        }

        /**
         * Sets the kind of party.
         *
         * @param schema the kind
         * @return this builder
         */
        public Builder schema(Schema schema) {
            return add(1, "schema", schema.label());
        }

        /**
         * Sets the kind of party by a word, such as {@code individual} or {@code ship}. An unknown word leaves it open.
         *
         * @param schema the word
         * @return this builder
         */
        public Builder schema(String schema) {
            return add(1, "schema", schema);
        }

        /**
         * Adds a birth date of a person or the founding date of an organization, as far as it is known.
         *
         * @param date a date in most notations: {@code 1970-03-04}, {@code 1970}, {@code 4 March 1970}
         * @return this builder
         */
        public Builder birthDate(String date) {
            return add(2, "birth_date", date);
        }

        /**
         * Adds a birth date of a person or the founding date of an organization.
         *
         * @param date the day
         * @return this builder
         */
        public Builder birthDate(LocalDate date) {
            return birthDate(date.toString());
        }

        /**
         * Adds a country.
         *
         * @param country an ISO 3166-1 code, a name, or a nationality
         * @return this builder
         */
        public Builder country(String country) {
            return add(3, "country", country);
        }

        /**
         * Sets the gender of a person.
         *
         * @param gender {@code male}, {@code female}, or a word or letter for one of them
         * @return this builder
         */
        public Builder gender(String gender) {
            return add(4, "gender", gender);
        }

        /**
         * Adds an identifier. A listed entity with it is a hit whatever its name.
         *
         * @param kind its kind
         * @param value its value
         * @return this builder
         */
        public Builder identifier(IdentifierKind kind, String value) {
            return add(kind.number(), kind.key(), value);
        }

        /**
         * The party.
         *
         * @return a party with the fields so far
         */
        public Party build() {
            return new Party(fields);
        }
    }
}
