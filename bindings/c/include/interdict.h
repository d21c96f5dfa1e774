/* The C interface of interdict. Made of the Rust source by cbindgen: do not edit.
 *
 * Every function may be called by any number of threads at once. Texts are UTF-8 with a length in bytes, and need not end with a
 * NUL. No function throws, aborts or keeps a pointer that it was given. README.md has examples. */

#ifndef INTERDICT_H
#define INTERDICT_H

#include <stddef.h>
#include <stdint.h>
/* Of the Arrow C stream interface, which Arrow's own headers define. */
struct ArrowArrayStream;

/*
 The result of every function that can fail. The numbers never change; later versions may add others.
 */
enum interdict_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   Done.
   */
  INTERDICT_OK = 0,
  /*
   A pointer that is needed is null.
   */
  INTERDICT_NULL_POINTER = 1,
  /*
   The screener is none: it was never opened, or it was freed.
   */
  INTERDICT_INVALID_HANDLE = 2,
  /*
   A text is not valid UTF-8.
   */
  INTERDICT_INVALID_UTF8 = 3,
  /*
   A text is not valid JSON, or not of the form that is described.
   */
  INTERDICT_INVALID_JSON = 4,
  /*
   The party has nothing to screen: neither a name with a letter or digit, nor an identifier.
   */
  INTERDICT_INVALID_PARTY = 5,
  /*
   The configuration has an unknown key or a value out of range.
   */
  INTERDICT_INVALID_CONFIG = 6,
  /*
   An argument is out of its range, such as a length or the kind of a field.
   */
  INTERDICT_INVALID_ARGUMENT = 7,
  /*
   The operating system refused to read.
   */
  INTERDICT_IO = 8,
  /*
   A file is no list, a list is broken, not whole or too old, or all lists are empty.
   */
  INTERDICT_INVALID_LIST = 9,
  /*
   The index file is damaged or of another version: build it again.
   */
  INTERDICT_INVALID_INDEX = 10,
  /*
   A buffer is too short. What fits has been written, and the answer tells how much there was.
   */
  INTERDICT_SHORT_BUFFER = 11,
  /*
   The entity whose hit was to be explained is no hit of the party.
   */
  INTERDICT_NO_HIT = 12,
  /*
   A table has no column that can be screened, or is of a type that cannot be read.
   */
  INTERDICT_INVALID_TABLE = 13,
  /*
   A bug of the library.
   */
  INTERDICT_INTERNAL = 99,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum interdict_status interdict_status;
#else
typedef int32_t interdict_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 The kind of a field of a party.
 */
enum interdict_field_kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /*
   The name. Of several, each is screened.
   */
  INTERDICT_NAME = 0,
  /*
   The kind of party: Person, Organization, Company, Vessel, Aircraft, or a word for one of them.
   */
  INTERDICT_SCHEMA = 1,
  /*
   A birth or founding date, as far as it is known.
   */
  INTERDICT_BIRTH_DATE = 2,
  /*
   A country: a code, a name or a nationality.
   */
  INTERDICT_COUNTRY = 3,
  /*
   The gender of a person.
   */
  INTERDICT_GENDER = 4,
  /*
   A passport number.
   */
  INTERDICT_PASSPORT = 5,
  /*
   A national identity number.
   */
  INTERDICT_NATIONAL_ID = 6,
  /*
   A tax number.
   */
  INTERDICT_TAX_NUMBER = 7,
  /*
   The registration number of a company.
   */
  INTERDICT_REGISTRATION_NUMBER = 8,
  /*
   A Legal Entity Identifier.
   */
  INTERDICT_LEI = 9,
  /*
   A Business Identifier Code (SWIFT).
   */
  INTERDICT_BIC = 10,
  /*
   An IBAN or another number of an account.
   */
  INTERDICT_IBAN = 11,
  /*
   The IMO number of a ship or company.
   */
  INTERDICT_IMO = 12,
  /*
   The MMSI of a ship.
   */
  INTERDICT_MMSI = 13,
  /*
   A radio call sign.
   */
  INTERDICT_CALL_SIGN = 14,
  /*
   The tail number of an aircraft.
   */
  INTERDICT_TAIL_NUMBER = 15,
  /*
   The serial number of an aircraft.
   */
  INTERDICT_AIRCRAFT_SERIAL_NUMBER = 16,
  /*
   The address of a wallet.
   */
  INTERDICT_WALLET = 17,
  /*
   A number of unknown kind, which is compared with every kind.
   */
  INTERDICT_IDENTIFIER = 18,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum interdict_field_kind interdict_field_kind;
#else
typedef uint32_t interdict_field_kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/*
 A screener that is open, by its number; 0 is none. It may be used by many threads at once. A number that is none, or one
 of a screener that was freed, is an error and never a crash.
 */
typedef uint64_t interdict_screener;

/*
 A text within the buffer of texts. A NUL, which `len` does not count, stands behind it.
 */
typedef struct interdict_text {
  /*
   Where it begins in the buffer, in bytes.
   */
  uint32_t offset;
  /*
   Its length in bytes.
   */
  uint32_t len;
} interdict_text;

/*
 A hit. The texts are UTF-8.
 */
typedef struct interdict_hit {
  /*
   The score from 0 to 1, rounded to five decimals.
   */
  float score;
  /*
   Number of the entity in the index. After a reload it may be another one.
   */
  uint32_t entity;
  /*
   The kind of the listed party: 0 unknown, 1 Person, 2 Organization, 3 Company, 4 LegalEntity, 5 Vessel, 6 Aircraft,
   7 CryptoWallet, 8 Other.
   */
  uint8_t schema;
  /*
   What matched: 0 a name, 1 an identifier, 255 something that this version of the interface has no number for.
   */
  uint8_t matched_by;
  /*
   1 if the list calls the matched name a weak alias.
   */
  uint8_t weak;
  /*
   1 if the part of the query that matched is the name of a ship: see `query_part`.
   */
  uint8_t query_part_ship;
  /*
   What happened between two publications: 0 nothing or not known, 1 new, 2 changed, 3 gone.
   */
  uint8_t change;
  /*
   Zeros.
   */
  uint8_t reserved[3];
  /*
   The name that was screened.
   */
  struct interdict_text query;
  /*
   The list's name.
   */
  struct interdict_text list;
  /*
   The entity's id in its list.
   */
  struct interdict_text entity_id;
  /*
   The entity's primary name.
   */
  struct interdict_text entity_name;
  /*
   The listed name that scores best; for a hit by identifier its kind and value.
   */
  struct interdict_text matched_name;
  /*
   The sanctions programmes, joined by `;`.
   */
  struct interdict_text program;
  /*
   The party over all lists.
   */
  struct interdict_text group;
  /*
   The part of the name that matched, if it was not the whole.
   */
  struct interdict_text query_part;
} interdict_hit;

/*
 How much there was to say of a party.
 */
typedef struct interdict_answer {
  /*
   The number of hits. If it is above the capacity, only so many as fit were written.
   */
  size_t hits;
  /*
   The number of hits that were written.
   */
  size_t written;
  /*
   The bytes of the texts of all hits.
   */
  size_t text_bytes;
  /*
   Hits that the limit cut.
   */
  uint64_t cut;
  /*
   Entities whose name reaches the threshold and that other fields take below it.
   */
  uint64_t cleared;
  /*
   Entities of which only a weak alias reaches the threshold, where weak aliases are left out or have one of their own.
   */
  uint64_t weak;
  /*
   Values of fields that are compared with nothing, because they are not understood.
   */
  uint64_t not_compared;
} interdict_answer;

/*
 A field of a party.
 */
typedef struct interdict_field {
  /*
   One of `interdict_field_kind`.
   */
  uint32_t kind;
  /*
   Its text in UTF-8, which need not end with a NUL.
   */
  const char *text;
  /*
   The length of the text in bytes.
   */
  size_t len;
} interdict_field;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/*
 The version of the library: `0.1.0`. It need not be freed.
 */
const char *interdict_version(void);

/*
 The message of the last call that failed on this thread: one line for a person. It need not be freed, and is valid until
 another call fails on this thread. Empty if none has failed.
 */
const char *interdict_last_error(void);

/*
 Opens a screener.

 `paths`: one index file, or list files and folders of lists. `path_lens`: their lengths in bytes, or null if every path
 ends with a NUL. `settings`: the configuration as TOML, or as JSON of the same shape, or null for the defaults; JSON may
 have a key `lists` besides: `{"lists": {"allow_incomplete": ["NAME"], "max_age_days": 7}}`.

 On success `screener` gets its number, which must be given to `interdict_free` in the end; else it becomes 0.

 # Safety

 Pointers must be null or point to as much as is said.
 */
interdict_status interdict_open(const char *const *paths,
                                const size_t *path_lens,
                                size_t path_count,
                                const char *settings,
                                size_t settings_len,
                                interdict_screener *screener);

/*
 Opens anew what a screener screens against, and exchanges it. Calls under way on other threads finish with what they
 began with. If it fails, the screener stays as it was.

 `path_count` 0: the paths it was opened with. `settings` null: the settings it was opened with.

 # Safety

 As of `interdict_open`.
 */
interdict_status interdict_reload(interdict_screener screener,
                                  const char *const *paths,
                                  const size_t *path_lens,
                                  size_t path_count,
                                  const char *settings,
                                  size_t settings_len);

/*
 Closes a screener. Calls under way on other threads finish; later ones get `INTERDICT_INVALID_HANDLE`, and so does a
 second call of this function. 0 is accepted and does nothing.
 */
interdict_status interdict_free(interdict_screener screener);

/*
 Frees a text that a function of this library has given. Null is accepted.

 # Safety

 The text is one that was given and has not been freed.
 */
void interdict_string_free(char *text);

/*
 Screens a party in JSON, such as `{"name": "…", "schema": "Person", "birth_date": "1970-03-04", "country": "ru"}`.

 On success `json` gets an object, which must be given to `interdict_string_free`, with `hits`, `cleared` (entities that
 other fields take below the threshold), `withheld` (counts), `not_compared` (values that were not understood) and
 `not_read` (keys that are no field); `json_len` its length, unless it is null.

 # Safety

 Pointers must be null or point to as much as is said.
 */
interdict_status interdict_screen_json(interdict_screener screener,
                                       const char *party,
                                       size_t party_len,
                                       char **json,
                                       size_t *json_len);

/*
 Explains the hits of a party in JSON: an array of objects with `hit`, `explanation` (matched words with kind, similarity
 and weight, the effect of each field) and `text` (the same for a person).

 `list` and `entity_id`: explain this entity alone, whether it is a hit or cleared by other fields; `INTERDICT_NO_HIT` if it
 is neither. Both null: all hits.

 # Safety

 Pointers must be null or point to as much as is said.
 */
interdict_status interdict_explain_json(interdict_screener screener,
                                        const char *party,
                                        size_t party_len,
                                        const char *list,
                                        size_t list_len,
                                        const char *entity_id,
                                        size_t entity_id_len,
                                        char **json,
                                        size_t *json_len);

/*
 Screens the payment messages of a file in memory: ISO 20022, SWIFT MT, NACHA or Fedwire, told by their content.

 On success `json` gets an object with `verdict` (`pass`, `hold` or `unreadable`: the worst of all) and `messages`, each with
 `verdict`, `findings` (hits and embargoes, with the number of their subject), `withheld`, `subjects` and `problems` (what
 could not be read, with its place). A message that cannot be read is no failure of the call: it is `unreadable`.

 # Safety

 Pointers must be null or point to as much as is said.
 */
interdict_status interdict_payment_json(interdict_screener screener,
                                        const uint8_t *message,
                                        size_t message_len,
                                        char **json,
                                        size_t *json_len);

/*
 What a screener screens against: the lists with versions, dates, hashes and counts, the files that were skipped, the
 records that were rejected with position and reason, and the listed names that cannot be found. Of an index file only the
 numbers of rejected records are known.

 # Safety

 Pointers must be null or valid.
 */
interdict_status interdict_lists_json(interdict_screener screener,
                                      char **json,
                                      size_t *json_len);

/*
 Screens a table through the C stream interface of Arrow: `table` gives the rows, and `hits` is made a stream of the hits, with
 the columns of the program's CSV. Nothing is read before hits are asked for; then the rows are screened in bounded memory, on
 threads of the library.

 `options`: null, or JSON: `{"names": ["First+Last"], "fields": {"birth_date": "dob"}, "id": "nr", "carry": ["branch"],
 "schema": "Person", "threads": 2, "show_cleared": false, "show_rejected": true}`; every key may be left out. Columns are found by
 their headers otherwise. Rows that were not screened are among the hits, with the reason in the column `rejected` and nulls
 in all others but `row`, unless `show_rejected` is false.

 `table` is taken over in any case and is released. `hits` must be released by its `release`; after a failure it is released
 already. Freeing or reloading the screener does not disturb the stream.

 # Safety

 `table` is null or a valid stream; `hits` is null or place for one.
 */
interdict_status interdict_screen_arrow(interdict_screener screener,
                                        struct ArrowArrayStream *table,
                                        const char *options,
                                        size_t options_len,
                                        struct ArrowArrayStream *hits);

/*
 Screens a name without allocating anything for the caller: the hits, best first, are written to `hits`, and their texts
 to `texts`.

 If a buffer is too short, the best hits that fit are written, `answer` tells how many there are and how many bytes their
 texts have, and the status is `INTERDICT_SHORT_BUFFER`. `answer` is zeros after any other failure.

 # Safety

 Pointers must be null or point to as much as is said. `hits` and `texts` may be null if their capacity is 0. No other
 thread uses the buffers meanwhile.
 */
interdict_status interdict_screen_name(interdict_screener screener,
                                       const char *name,
                                       size_t name_len,
                                       struct interdict_hit *hits,
                                       size_t hit_capacity,
                                       char *texts,
                                       size_t text_capacity,
                                       struct interdict_answer *answer);

/*
 Screens a party of several fields as `interdict_screen_name` screens a name. A field may be given several times.

 # Safety

 As of `interdict_screen_name`; every text of a field is null or of its length.
 */
interdict_status interdict_screen_party(interdict_screener screener,
                                        const struct interdict_field *fields,
                                        size_t field_count,
                                        struct interdict_hit *hits,
                                        size_t hit_capacity,
                                        char *texts,
                                        size_t text_capacity,
                                        struct interdict_answer *answer);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* INTERDICT_H */
