package io.interdict;

import java.util.List;
import java.util.Map;

/**
 * A list that is screened against. {@link Screener#listsJson} tells more: what was rejected and skipped, with the reasons.
 *
 * @param name the list's name as written in hits
 * @param layout the published layout that it was read from
 * @param sha256 the SHA-256 of its file, in hexadecimal
 * @param entities the number of entities
 * @param names the number of their names
 * @param records the number of records that were read
 * @param rejected the number of records that were not loaded
 */
public record ListVersion(
        String name, String layout, String sha256, long entities, long names, long records, long rejected) {

    /** The lists of an answer. */
    static List<ListVersion> all(String json) {
        Map<String, Object> answer = Json.object(Json.parse(json));
        return Json.objects(answer.get("lists")).stream().map(ListVersion::of).toList();
    }

    private static ListVersion of(Map<String, Object> list) {
        return new ListVersion(
                Json.text(list.get("name")),
                Json.text(list.get("layout")),
                Json.text(list.get("sha256")),
                (long) Json.number(list.get("entities")),
                (long) Json.number(list.get("names")),
                (long) Json.number(list.get("records")),
                (long) Json.number(list.get("rejected")));
    }
}
